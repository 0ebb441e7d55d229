"""The weights of features in log-odds; written by ``benchmarks/story_weights.py --write``."""

INTERCEPT = -1.610
WEIGHTS: dict[str, float] = {
    "rarest_shared": 2.143,  # expected +2.2
    "three_rarest": 0.826,  # expected +1.2
    "pair_shared": 0.443,  # expected +0.6
    "jaccard": 0.427,  # expected +0.5
    "overlap": 0.363,  # expected +0.5
    "lead_overlap": 0.665,  # expected +0.6
    "languages": 0.909,  # expected +1.0
    "jaccard_across": 0.775,  # expected +0.8
    "elsewhere": -1.983,  # expected -2.0
    "lone": -0.395,  # expected -0.7
    "lone_across": -0.962,  # expected -1.0
    "thing_odd": -0.625,  # expected -0.5
    "things_differ": -0.432,  # expected -0.3
    "name_odd": -0.585,  # expected -0.5
    "names_differ": -0.878,  # expected -0.8
    "systems_clash": -2.002,  # expected -2.0
    "both_say": -0.405,  # expected -0.6
    "one_says": -0.623,  # expected -0.9
    "same_voice_says": 1.784,  # expected +1.8
    "voices_clash": -0.606,  # expected -0.6
    "voices_clash_saying": -1.488,  # expected -1.5
    "states_clash": -0.411,  # expected +0.0
    "third_states_clash": -2.001,  # expected -2.0
    "both_coming": 1.243,  # expected +1.2
    "one_coming": -0.839,  # expected -0.9
    "same_phase": 0.601,  # expected +0.4
    "phases_clash": -0.499,  # expected -0.4
    "one_apart": -2.921,  # expected -3.0
    "both_apart": -1.201,  # expected -1.2
    "counts_agree": 1.616,  # expected +1.6
    "counts_clash": -3.970,  # expected -4.0
    "number_shared": 0.459,  # expected +0.4
    "numbers_clash": -0.394,  # expected -0.4
    "figures_shared": 0.394,  # expected +0.2
    "first_day": -1.518,  # expected -1.7
    "further_days": -1.966,  # expected -1.7
    "first_day_saying": 0.995,  # expected +1.0
    "first_day_coming": 1.011,  # expected +1.0
}
