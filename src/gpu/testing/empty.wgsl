// A shader that does nothing, for tests of compiling.
@compute @workgroup_size(1) fn main() {}
