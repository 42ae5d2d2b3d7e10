#include "common/protocol/payload_pool.hpp"

#include <utility>

namespace fedgram::protocol {

namespace {

// As many buffers as are in use at once on most machines, and more where they are small. The buffers of a crowd that
// uploads at once must not stay in memory.
constexpr std::size_t most_spare = 4;
constexpr std::size_t most_small_spare = 32;
constexpr std::size_t small = 128 * 1024;  // bytes

}  // namespace

std::vector<float> PayloadPool::take(std::size_t size)
{
    std::vector<float> payload;
    {
        const std::lock_guard lock{mutex_};
        if (!spare_.empty()) {
            payload = std::move(spare_.back());
            spare_.pop_back();
        }
    }
    payload.resize(size);
    return payload;
}

void PayloadPool::give_back(std::vector<float> payload)
{
    const auto most = payload.capacity() * sizeof(float) <= small ? most_small_spare : most_spare;
    const std::lock_guard lock{mutex_};
    if (spare_.size() < most && payload.capacity() > 0) spare_.push_back(std::move(payload));
}

std::shared_ptr<const std::vector<float>> PayloadPool::share(std::vector<float> payload)
{
    return std::shared_ptr<std::vector<float>>{new std::vector<float>{std::move(payload)},
                                               [pool = shared_from_this()](std::vector<float>* last) {
                                                   const std::unique_ptr<std::vector<float>> owner{last};
                                                   pool->give_back(std::move(*owner));
                                               }};
}

}  // namespace fedgram::protocol
