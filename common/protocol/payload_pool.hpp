#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace fedgram::protocol {

/// Buffers for payloads, used again and again: a new one costs the kernel its pages, and is filled with zeroes before
/// the payload is.
class PayloadPool : public std::enable_shared_from_this<PayloadPool> {
public:
    /// Of `size` values, of whatever an earlier payload was.
    [[nodiscard]] std::vector<float> take(std::size_t size);
    void give_back(std::vector<float> payload);

    /// The payload, which comes back here after its last use.
    [[nodiscard]] std::shared_ptr<const std::vector<float>> share(std::vector<float> payload);

private:
    std::mutex mutex_;  // guards spare_: the last use of a shared payload may be on any thread
    std::vector<std::vector<float>> spare_;
};

}  // namespace fedgram::protocol
