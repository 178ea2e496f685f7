"""How nodes exchange their logs: one conversation (`talk`), carried by HTTP (`http`) or by file (`pouch`)."""
