"""The pure half: values in, values out; no clock, disk, network, SQL or randomness."""
