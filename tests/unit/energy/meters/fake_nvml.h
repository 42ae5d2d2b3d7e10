#pragma once

// What the fake libnvidia-ml.so.1 answers. Results are NVML's: 0 is success, 3 is "Not Supported".
struct FakeNvml {
    int init_result;
    unsigned gpus;
    int energy_result;
    unsigned long long energy_mj;
    int power_result;
    unsigned power_mw;
    int usage_result;
    int memory_v2_result;
    unsigned busy_percent;
    int pci_result;
};
