#pragma once

// What the fake libcuda.so.1 answers: its one GPU has the UUID 00 01 .. 0e and this byte. 0 is success.
struct FakeCuda {
    int init_result;
    unsigned char last_byte;
};
