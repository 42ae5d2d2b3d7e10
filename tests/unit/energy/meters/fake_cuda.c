#include "fake_cuda.h"

// Read and set by the tests, which find it by this name.
struct FakeCuda fake_cuda;

int cuInit(unsigned flags)
{
    (void)flags;
    return fake_cuda.init_result;
}

int cuDeviceGet(int* device, int ordinal)
{
    *device = ordinal;
    return 0;
}

int cuDeviceGetUuid(unsigned char* uuid, int device)
{
    (void)device;
    for (int i = 0; i < 16; ++i) uuid[i] = (unsigned char)i;
    uuid[15] = fake_cuda.last_byte;
    return 0;
}
