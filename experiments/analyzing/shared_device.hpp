#pragma once

#include <cstdint>
#include <memory>

#include "common/energy/pricing/batch_service.hpp"
#include "common/serving/nanoseconds.hpp"
#include "common/serving/service_time.hpp"

namespace fedgram::experiments {

/// A device in virtual time that several instances of a model share. The floors of their calls overlap, as host and
/// transfers do; then each batch has the device to itself, in the order in which batches begin. So a second instance
/// hides the floor, and no number of them computes more than the device does.
class SharedDevice {
public:
    explicit SharedDevice(const energy::BatchService& service) : service_{service} {}

    /// From its begin to its end, for batches that begin in the order of time.
    [[nodiscard]] serving::Nanoseconds run(std::uint32_t batch, serving::Nanoseconds begin);

    /// For which at least one batch was in it.
    [[nodiscard]] serving::Nanoseconds busy() const { return busy_; }

private:
    energy::BatchService service_;
    serving::Nanoseconds free_at_;
    serving::Nanoseconds busy_;
};

/// What its instances take. A function is copied, so that the device behind it is shared.
[[nodiscard]] serving::ServiceTime service_of(const std::shared_ptr<SharedDevice>& device);

/// Answers a second of so many instances that always find a full batch: min(n b / S(b), b / (S(b) - floor)).
[[nodiscard]] double shared_capacity(const energy::BatchService& service, std::uint32_t instances,
                                     std::uint32_t max_batch);

}  // namespace fedgram::experiments
