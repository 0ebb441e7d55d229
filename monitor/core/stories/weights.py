"""The weights of features in log-odds; written by ``benchmarks/story_weights.py --write``."""

INTERCEPT = -1.846
WEIGHTS: dict[str, float] = {
    "rarest_shared": 2.231,  # expected +2.2
    "three_rarest": 1.044,  # expected +1.2
    "pair_shared": 0.496,  # expected +0.6
    "jaccard": 0.474,  # expected +0.5
    "overlap": 0.453,  # expected +0.5
    "lead_overlap": 0.588,  # expected +0.6
    "languages": 1.073,  # expected +1.0
    "jaccard_across": 0.785,  # expected +0.8
    "elsewhere": -1.784,  # expected -2.0
    "lone": -0.626,  # expected -0.7
    "lone_across": -0.809,  # expected -1.0
    "thing_odd": -0.523,  # expected -0.5
    "things_differ": -0.320,  # expected -0.3
    "name_odd": -0.506,  # expected -0.5
    "names_differ": -0.835,  # expected -0.8
    "systems_clash": -2.001,  # expected -2.0
    "both_say": -0.469,  # expected -0.6
    "one_says": -0.784,  # expected -0.9
    "same_voice_says": 1.794,  # expected +1.8
    "voices_clash": -0.611,  # expected -0.6
    "voices_clash_saying": -1.498,  # expected -1.5
    "states_clash": -0.213,  # expected +0.0
    "third_states_clash": -2.001,  # expected -2.0
    "both_coming": 1.221,  # expected +1.2
    "one_coming": -0.868,  # expected -0.9
    "same_phase": 0.585,  # expected +0.4
    "phases_clash": -0.464,  # expected -0.4
    "one_apart": -3.004,  # expected -3.0
    "both_apart": -1.202,  # expected -1.2
    "counts_agree": 0.806,  # expected +0.8
    "counts_clash": -4.001,  # expected -4.0
    "number_shared": 0.443,  # expected +0.4
    "numbers_clash": -0.418,  # expected -0.4
    "figures_shared": 0.264,  # expected +0.2
    "first_day": -1.719,  # expected -1.7
    "further_days": -1.821,  # expected -1.7
    "first_day_saying": 0.997,  # expected +1.0
    "first_day_coming": 1.019,  # expected +1.0
}
