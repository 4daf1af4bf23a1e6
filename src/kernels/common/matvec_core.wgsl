// The heart of every decode kernel: four rows of few-bit weights times one x, K shared out over LANES lanes. A lane-step
// is one group of 32 weights. A workgroup holds SLOTS sets of four rows.
// (with one of dots_* and one of sum_*: see matvec.ts)
override LANES: u32 = 32u;                                   // power of two; 1 leaves a row to one thread
override SLOTS: u32 = 2u;                                    // sets of four rows per workgroup
override WG: u32 = LANES * SLOTS;
