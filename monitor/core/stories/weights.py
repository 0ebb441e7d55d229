"""The weights of features in log-odds; written by ``benchmarks/story_weights.py --write``."""

INTERCEPT = -1.309
WEIGHTS: dict[str, float] = {
    "rarest_shared": 2.143,  # expected +2.2
    "three_rarest": 0.844,  # expected +1.2
    "pair_shared": 0.472,  # expected +0.6
    "jaccard": 0.431,  # expected +0.5
    "overlap": 0.371,  # expected +0.5
    "lead_overlap": 0.662,  # expected +0.6
    "languages": 0.906,  # expected +1.0
    "jaccard_across": 0.779,  # expected +0.8
    "elsewhere": -1.983,  # expected -2.0
    "lone": -0.396,  # expected -0.7
    "lone_across": -0.967,  # expected -1.0
    "thing_odd": -0.616,  # expected -0.5
    "things_differ": -0.435,  # expected -0.3
    "name_odd": -0.594,  # expected -0.5
    "names_differ": -0.872,  # expected -0.8
    "systems_clash": -2.002,  # expected -2.0
    "both_say": -0.414,  # expected -0.6
    "one_says": -0.622,  # expected -0.9
    "same_voice_says": 1.780,  # expected +1.8
    "voices_clash": -0.605,  # expected -0.6
    "voices_clash_saying": -1.488,  # expected -1.5
    "states_clash": -0.414,  # expected +0.0
    "third_states_clash": -2.001,  # expected -2.0
    "both_coming": 1.244,  # expected +1.2
    "one_coming": -0.839,  # expected -0.9
    "same_phase": 0.610,  # expected +0.4
    "phases_clash": -0.495,  # expected -0.4
    "one_apart": -2.918,  # expected -3.0
    "both_apart": -1.201,  # expected -1.2
    "counts_agree": 0.827,  # expected +0.8
    "counts_clash": -3.970,  # expected -4.0
    "number_shared": 0.459,  # expected +0.4
    "numbers_clash": -0.399,  # expected -0.4
    "figures_shared": 0.399,  # expected +0.2
    "first_day": -1.514,  # expected -1.7
    "further_days": -1.963,  # expected -1.7
    "first_day_saying": 0.994,  # expected +1.0
    "first_day_coming": 1.011,  # expected +1.0
}
