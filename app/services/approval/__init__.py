"""The proposed list, the government's approval, the decree (Arts. 21, 22)."""
