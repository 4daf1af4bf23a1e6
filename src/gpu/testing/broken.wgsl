// A shader that must not compile: the fault is in line 2.
@compute @workgroup_size(1) fn main() { nope(); }
