#include "common/energy/meters/nvml.hpp"

#include <dlfcn.h>

#include <cstdio>
#include <utility>
#include <vector>

#include "common/energy/meters/counter_meter.hpp"
#include "common/energy/meters/gpu_meter.hpp"
#include "common/energy/meters/power_meter.hpp"

namespace fedgram::energy {

namespace {

// The few declarations of nvml.h that are called here; its C interface is stable by its version suffixes.
using Device = void*;
using Result = int;  // 0 is success
struct Utilization {
    unsigned gpu;  // percent
    unsigned memory;
};
struct Memory {
    unsigned long long total;  // bytes
    unsigned long long free;
    unsigned long long used;  // with what the driver keeps for itself: some 0.5 GB on an idle H100
};
struct MemoryV2 {
    unsigned version;
    unsigned long long total;  // bytes
    unsigned long long reserved;
    unsigned long long free;
    unsigned long long used;
};
struct PciInfo {
    char legacy_bus_id[16];
    unsigned domain;
    unsigned bus;
    unsigned device;
    unsigned device_id;
    unsigned subsystem_id;
    char bus_id[32];
};
constexpr unsigned memory_version = static_cast<unsigned>(sizeof(MemoryV2)) | (2U << 24U);
constexpr unsigned name_size = 96;

/// Far above any board sold so far.
constexpr Watts most_per_gpu{2000};

template <class Function>
void find(void* library, const char* symbol, Function*& function)
{
    function = reinterpret_cast<Function*>(::dlsym(library, symbol));
}

}  // namespace

struct Nvml::Library {
    explicit Library(void* opened) : handle{opened}
    {
        find(handle, "nvmlInit_v2", init);
        find(handle, "nvmlShutdown", shutdown);
        find(handle, "nvmlErrorString", error_string);
        find(handle, "nvmlDeviceGetCount_v2", count);
        find(handle, "nvmlDeviceGetHandleByIndex_v2", by_index);
        find(handle, "nvmlDeviceGetName", device_name);
        find(handle, "nvmlDeviceGetUUID", uuid);
        find(handle, "nvmlDeviceGetPciInfo_v3", pci_info);
        find(handle, "nvmlDeviceGetTotalEnergyConsumption", energy);
        find(handle, "nvmlDeviceGetPowerUsage", power);
        find(handle, "nvmlDeviceGetUtilizationRates", utilization);
        find(handle, "nvmlDeviceGetMemoryInfo", memory);
        find(handle, "nvmlDeviceGetMemoryInfo_v2", memory_v2);
    }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
    ~Library()
    {
        if (initialised && shutdown) shutdown();
        ::dlclose(handle);
    }

    /// Empty for success. An old driver's library may lack a function.
    template <class... Parameters, class... Arguments>
    std::string error(const char* symbol, Result (*function)(Parameters...), Arguments... arguments) const
    {
        if (!function) return std::string{symbol} + " is not in the driver's library";
        const Result result = function(arguments...);
        if (result == 0) return {};
        const char* const text = error_string ? error_string(result) : nullptr;
        return std::string{symbol} + ": " + (text ? text : "error " + std::to_string(result));
    }

    void* handle;
    bool initialised = false;
    std::vector<Device> devices;  // null where the driver gives no handle

    Result (*init)();
    Result (*shutdown)();
    const char* (*error_string)(Result);
    Result (*count)(unsigned*);
    Result (*by_index)(unsigned, Device*);
    Result (*device_name)(Device, char*, unsigned);
    Result (*uuid)(Device, char*, unsigned);
    Result (*pci_info)(Device, PciInfo*);
    Result (*energy)(Device, unsigned long long*);
    Result (*power)(Device, unsigned*);
    Result (*utilization)(Device, Utilization*);
    Result (*memory)(Device, Memory*);
    Result (*memory_v2)(Device, MemoryV2*);  // driver 510 and newer
};

Nvml::Nvml(std::unique_ptr<Library> library) : library_{std::move(library)} {}

Nvml::~Nvml() = default;

Attempt<std::shared_ptr<const Nvml>> Nvml::open(const std::string& library)
{
    using Opened = Attempt<std::shared_ptr<const Nvml>>;
    void* const handle = ::dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (!handle) return Opened::missing(library + " can't be opened: no NVIDIA driver");
    auto opened = std::make_unique<Library>(handle);
    if (auto error = opened->error("nvmlInit_v2", opened->init); !error.empty()) return Opened::missing(error);
    opened->initialised = true;
    unsigned count = 0;
    if (auto error = opened->error("nvmlDeviceGetCount_v2", opened->count, &count); !error.empty())
        return Opened::missing(error);
    for (unsigned index = 0; index < count; ++index) {
        Device device = nullptr;
        const auto error = opened->error("nvmlDeviceGetHandleByIndex_v2", opened->by_index, index, &device);
        opened->devices.push_back(error.empty() ? device : nullptr);
    }
    return std::shared_ptr<const Nvml>{new Nvml{std::move(opened)}};
}

unsigned Nvml::gpus() const { return static_cast<unsigned>(library_->devices.size()); }

std::string Nvml::name(unsigned gpu) const
{
    char text[name_size] = {};
    const auto error =
        library_->error("nvmlDeviceGetName", library_->device_name, library_->devices.at(gpu), text, name_size);
    const auto address = gpus() > 1 ? pci_address(gpu) : std::string{};
    return "GPU " + (address.empty() ? std::to_string(gpu) : address) + (error.empty() ? std::string{" "} + text : "");
}

std::string Nvml::pci_address(unsigned gpu) const
{
    PciInfo info{};
    if (!library_->error("nvmlDeviceGetPciInfo_v3", library_->pci_info, library_->devices.at(gpu), &info).empty())
        return {};
    char text[32];
    std::snprintf(text, sizeof text, "%04x:%02x:%02x.0", info.domain, info.bus, info.device);
    return text;
}

Attempt<std::string> Nvml::uuid(unsigned gpu) const
{
    char text[name_size] = {};
    auto error = library_->error("nvmlDeviceGetUUID", library_->uuid, library_->devices.at(gpu), text, name_size);
    if (!error.empty()) return Attempt<std::string>::missing(error);
    return std::string{text};
}

Attempt<std::uint64_t> Nvml::energy_mj(unsigned gpu) const
{
    unsigned long long millijoules = 0;
    auto error = library_->error("nvmlDeviceGetTotalEnergyConsumption", library_->energy, library_->devices.at(gpu),
                                 &millijoules);
    if (!error.empty()) return Attempt<std::uint64_t>::missing(error);
    return std::uint64_t{millijoules};
}

Attempt<Watts> Nvml::power(unsigned gpu) const
{
    unsigned milliwatts = 0;
    auto error = library_->error("nvmlDeviceGetPowerUsage", library_->power, library_->devices.at(gpu), &milliwatts);
    if (!error.empty()) return Attempt<Watts>::missing(error);
    return Watts{milliwatts * 1e-3};
}

GpuUsage Nvml::usage(unsigned gpu) const
{
    GpuUsage usage;
    const Device device = library_->devices.at(gpu);
    Utilization utilization{};
    if (library_->error("nvmlDeviceGetUtilizationRates", library_->utilization, device, &utilization).empty())
        usage.busy = utilization.gpu / 100.0;
    MemoryV2 newer{};
    newer.version = memory_version;
    Memory memory{};
    if (library_->error("nvmlDeviceGetMemoryInfo_v2", library_->memory_v2, device, &newer).empty()) {
        usage.memory_used = Bytes{newer.used};
        usage.memory_total = Bytes{newer.total};
    } else if (library_->error("nvmlDeviceGetMemoryInfo", library_->memory, device, &memory).empty()) {
        usage.memory_used = Bytes{memory.used};
        usage.memory_total = Bytes{memory.total};
    }
    return usage;
}

Found open_nvml(const std::string& library)
{
    Found found;
    const auto opened = Nvml::open(library);
    if (!opened) {
        found.unavailable.push_back({"NVML", opened.reason(), "install NVIDIA's driver, or give a container its GPUs"});
        return found;
    }
    // Shared: each meter may outlive the others, and the library has to outlive them all.
    const auto& nvml = *opened;
    if (nvml->gpus() == 0)
        found.unavailable.push_back({"NVML", "the driver lists no GPU", "give the container or process its GPUs"});
    for (unsigned gpu = 0; gpu < nvml->gpus(); ++gpu) {
        const auto name = nvml->name(gpu);
        const auto add = [&](std::unique_ptr<Meter> energy) {
            found.meters.push_back(
                std::make_unique<GpuMeter>(std::move(energy), [nvml, gpu] { return nvml->usage(gpu).busy; }));
        };
        if (const auto energy = nvml->energy_mj(gpu)) {
            CounterRules rules;
            rules.unit = Joules{1e-3};
            rules.most = most_per_gpu;
            rules.update_period = std::chrono::milliseconds{100};
            std::vector<Counter> counters{{name, rules, [nvml, gpu] { return nvml->energy_mj(gpu); }}};
            add(std::make_unique<CounterMeter>(name, Boundary::board, std::move(counters)));
        } else if (const auto power = nvml->power(gpu)) {
            add(std::make_unique<PowerMeter>(name, Boundary::board, most_per_gpu,
                                             [nvml, gpu] { return nvml->power(gpu); }));
        } else {
            found.unavailable.push_back({name, energy.reason() + "; " + power.reason(),
                                         "the GPU has no sensor that NVML knows; on a Jetson read INA3221 instead"});
        }
    }
    return found;
}

}  // namespace fedgram::energy
