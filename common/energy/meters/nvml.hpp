#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/energy/meters/attempt.hpp"
#include "common/energy/meters/found.hpp"

namespace fedgram::energy {

/// What a GPU does at the moment; each part may be missing.
struct GpuUsage {
    /// Share of the last sample period (up to a second) in which any kernel ran; not how full the GPU was.
    std::optional<double> busy;
    std::optional<Bytes> memory_used;  ///< before driver 510 with what the driver keeps for itself
    std::optional<Bytes> memory_total;
};

/// NVIDIA's management library, opened at run time: no build depends on a driver. Any thread may call it.
class Nvml {
public:
    [[nodiscard]] static Attempt<std::shared_ptr<const Nvml>> open(const std::string& library);
    Nvml(const Nvml&) = delete;
    Nvml& operator=(const Nvml&) = delete;
    ~Nvml();

    [[nodiscard]] unsigned gpus() const;
    /// "GPU 0 Tesla V100". Among several the bus address stands in the number's place, "GPU 0000:3b:00.0 Tesla V100":
    /// the driver may number them otherwise after the next boot.
    [[nodiscard]] std::string name(unsigned gpu) const;
    /// "GPU-", and the sixteen bytes by which CUDA knows the board too.
    [[nodiscard]] Attempt<std::string> uuid(unsigned gpu) const;
    /// Millijoules since the driver was loaded (Volta and newer).
    [[nodiscard]] Attempt<std::uint64_t> energy_mj(unsigned gpu) const;
    /// A mean of the last second on Ampere (but GA100) and newer, momentary before.
    [[nodiscard]] Attempt<Watts> power(unsigned gpu) const;
    [[nodiscard]] GpuUsage usage(unsigned gpu) const;

private:
    struct Library;
    explicit Nvml(std::unique_ptr<Library> library);
    [[nodiscard]] std::string pci_address(unsigned gpu) const;  ///< as sysfs writes it; empty where it isn't told

    std::unique_ptr<Library> library_;
};

/// One meter for each GPU, by its name, with the time that it is busy: its energy counter where that answers, else its
/// power, integrated. Only the call itself tells: on a Jetson the library starts and lists a GPU, but supports neither.
[[nodiscard]] Found open_nvml(const std::string& library = "libnvidia-ml.so.1");

}  // namespace fedgram::energy
