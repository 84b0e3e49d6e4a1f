"""What child.py consists of: one file for each thing it does. Loaded by child.py under the name skein_child, whatever the folder is called."""
