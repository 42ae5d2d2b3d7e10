#include <string.h>

#include "fake_nvml.h"

// Read and set by the tests, which find it by this name.
struct FakeNvml fake_nvml;

#define MOST_GPUS 8
static int device_of_gpus[MOST_GPUS];

int nvmlInit_v2(void) { return fake_nvml.init_result; }
int nvmlShutdown(void) { return 0; }
const char* nvmlErrorString(int result) { return result == 3 ? "Not Supported" : "Driver Not Loaded"; }

int nvmlDeviceGetCount_v2(unsigned* count)
{
    *count = fake_nvml.gpus;
    return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device)
{
    *device = &device_of_gpus[index % MOST_GPUS];
    return 0;
}

int nvmlDeviceGetName(void* device, char* name, unsigned size)
{
    (void)device;
    strncpy(name, "Fake V100", size);
    return 0;
}

int nvmlDeviceGetUUID(void* device, char* uuid, unsigned size)
{
    (void)device;
    strncpy(uuid, "GPU-00010203-0405-0607-0809-0a0b0c0d0eff", size);
    return 0;
}

// nvmlPciInfo_t
struct PciInfo {
    char legacy_bus_id[16];
    unsigned domain;
    unsigned bus;
    unsigned device;
    unsigned device_id;
    unsigned subsystem_id;
    char bus_id[32];
};

int nvmlDeviceGetPciInfo_v3(void* device, struct PciInfo* info)
{
    memset(info, 0, sizeof *info);
    info->bus = 0x3a + (unsigned)((int*)device - device_of_gpus);
    return fake_nvml.pci_result;
}

int nvmlDeviceGetTotalEnergyConsumption(void* device, unsigned long long* energy)
{
    (void)device;
    *energy = fake_nvml.energy_mj;
    return fake_nvml.energy_result;
}

int nvmlDeviceGetPowerUsage(void* device, unsigned* power)
{
    (void)device;
    *power = fake_nvml.power_mw;
    return fake_nvml.power_result;
}

int nvmlDeviceGetUtilizationRates(void* device, unsigned* rates)
{
    (void)device;
    rates[0] = fake_nvml.busy_percent;
    rates[1] = 10;
    return fake_nvml.usage_result;
}

int nvmlDeviceGetMemoryInfo(void* device, unsigned long long* memory)
{
    (void)device;
    memory[0] = 16000;
    memory[1] = 12000;
    memory[2] = 4000;
    return fake_nvml.usage_result;
}

// nvmlMemory_v2_t, whose `used` leaves out what is reserved.
struct MemoryV2 {
    unsigned version;
    unsigned long long total;
    unsigned long long reserved;
    unsigned long long free;
    unsigned long long used;
};

int nvmlDeviceGetMemoryInfo_v2(void* device, struct MemoryV2* memory)
{
    (void)device;
    if (memory->version != (sizeof(struct MemoryV2) | (2u << 24))) return 25;
    memory->total = 16000;
    memory->reserved = 500;
    memory->free = 12000;
    memory->used = 3500;
    return fake_nvml.usage_result ? fake_nvml.usage_result : fake_nvml.memory_v2_result;
}
