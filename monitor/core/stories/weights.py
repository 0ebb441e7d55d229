"""The weights of features in log-odds; written by ``benchmarks/story_weights.py --write``."""

INTERCEPT = -1.807
WEIGHTS: dict[str, float] = {
    "rarest_shared": 2.230,  # expected +2.2
    "three_rarest": 1.041,  # expected +1.2
    "pair_shared": 0.494,  # expected +0.6
    "jaccard": 0.473,  # expected +0.5
    "overlap": 0.452,  # expected +0.5
    "lead_overlap": 0.585,  # expected +0.6
    "languages": 1.076,  # expected +1.0
    "jaccard_across": 0.785,  # expected +0.8
    "elsewhere": -1.784,  # expected -2.0
    "lone": -0.625,  # expected -0.7
    "lone_across": -0.806,  # expected -1.0
    "thing_odd": -0.521,  # expected -0.5
    "things_differ": -0.320,  # expected -0.3
    "name_odd": -0.508,  # expected -0.5
    "names_differ": -0.838,  # expected -0.8
    "systems_clash": -2.001,  # expected -2.0
    "both_say": -0.473,  # expected -0.6
    "one_says": -0.784,  # expected -0.9
    "same_voice_says": 1.794,  # expected +1.8
    "voices_clash": -0.611,  # expected -0.6
    "voices_clash_saying": -1.498,  # expected -1.5
    "states_clash": -0.216,  # expected +0.0
    "both_coming": 1.221,  # expected +1.2
    "one_coming": -0.868,  # expected -0.9
    "same_phase": 0.586,  # expected +0.4
    "phases_clash": -0.463,  # expected -0.4
    "one_apart": -2.021,  # expected -2.0
    "both_apart": -1.202,  # expected -1.2
    "counts_agree": 0.806,  # expected +0.8
    "counts_clash": -4.001,  # expected -4.0
    "number_shared": 0.444,  # expected +0.4
    "numbers_clash": -0.418,  # expected -0.4
    "figures_shared": 0.264,  # expected +0.2
    "first_day": -1.718,  # expected -1.7
    "further_days": -1.820,  # expected -1.7
    "first_day_saying": 0.997,  # expected +1.0
    "first_day_coming": 1.019,  # expected +1.0
}
