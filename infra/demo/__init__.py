"""``python -m infra.demo``: the whole service on this machine, with a demo world loaded through its own API."""
