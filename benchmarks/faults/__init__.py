"""What happens when something breaks: processes killed, disks full, clocks wrong. Run by `script/faults`."""
