#pragma once

#include <cstdint>
#include <memory>

#include "common/energy/pricing/batch_service.hpp"
#include "common/serving/nanoseconds.hpp"
#include "common/serving/service_time.hpp"

namespace fedgram::experiments {

/// A device in virtual time that several instances of a model share. What is before a batch is computed overlaps, as
/// host and transfers do; then the device does the batch's work, in the order in which batches begin. So a second
/// instance hides the floor, and no number of them computes more than the device does.
///
/// On a device of several cores a batch is computed in one of them, and ends once its own time is over and the cores
/// together have done the work of all that have begun by then.
class SharedDevice {
public:
    /// `wake`: what a batch takes more that finds the device without any.
    explicit SharedDevice(const energy::BatchService& service, Seconds wake = {}) : service_{service}, wake_{wake} {}

    /// From its begin to its end, for batches that begin in the order of time.
    [[nodiscard]] serving::Nanoseconds run(std::uint32_t batch, serving::Nanoseconds begin);

    /// For which at least one batch was in it; of several cores the time for which all of them would have been busy
    /// with the server's work.
    [[nodiscard]] serving::Nanoseconds busy() const { return busy_; }
    /// The same of a form's server and clients together, by what each takes where cores have to be woken.
    [[nodiscard]] serving::Nanoseconds claimed() const { return claimed_; }

private:
    energy::BatchService service_;
    Seconds wake_;
    serving::Nanoseconds free_at_;   // has done the work of all that have begun
    serving::Nanoseconds last_end_;  // of a batch
    serving::Nanoseconds busy_;
    serving::Nanoseconds claimed_;
};

/// What its instances take. A function is copied, so that the device behind it is shared.
[[nodiscard]] serving::ServiceTime service_of(const std::shared_ptr<SharedDevice>& device);

/// Answers a second of so many instances that always find a full batch: min(n b / S(b), cores b / work(b)).
[[nodiscard]] double shared_capacity(const energy::BatchService& service, std::uint32_t instances,
                                     std::uint32_t max_batch);

/// The share of its cores that a server's own work keeps busy at that capacity, its clients having theirs; 1 of a
/// device that does nothing else.
[[nodiscard]] double share_at_capacity(const energy::BatchService& service, std::uint32_t instances,
                                       std::uint32_t max_batch);

}  // namespace fedgram::experiments
