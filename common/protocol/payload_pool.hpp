#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace fedgram::protocol {

/// Buffers for payloads that are used again and again. A new one costs page faults, and is filled with zeroes before
/// the payload is read into it. Any thread may use it.
class PayloadPool : public std::enable_shared_from_this<PayloadPool> {
public:
    /// A buffer of `size` values, which may hold those of an earlier payload.
    [[nodiscard]] std::vector<float> take(std::size_t size);
    void give_back(std::vector<float> payload);

    /// The payload, whose buffer comes back here after its last use.
    [[nodiscard]] std::shared_ptr<const std::vector<float>> share(std::vector<float> payload);

private:
    std::mutex mutex_;  // guards spare_: the last use of a shared payload may be on any thread
    std::vector<std::vector<float>> spare_;
};

}  // namespace fedgram::protocol
