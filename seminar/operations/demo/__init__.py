"""The demo: the plan of Bình Dương as data, and the 151 fictional people of its three lists."""
