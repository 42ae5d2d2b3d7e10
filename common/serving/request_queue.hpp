#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "common/serving/nanoseconds.hpp"

namespace fedgram::serving {

/// Which request, for whoever drives the batcher; it may be any number.
enum class RequestId : std::uint64_t {};

struct QueuedRequest {
    RequestId id{};
    Nanoseconds arrival;

    friend bool operator==(const QueuedRequest&, const QueuedRequest&) = default;
};

/// First in, first out, in a ring that grows to the greatest length so far and then allocates no more.
class RequestQueue {
public:
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const QueuedRequest& front() const
    {
        assert(size_ > 0);
        return ring_[first_];
    }

    void push(const QueuedRequest& request)
    {
        if (size_ == ring_.size()) grow();
        ring_[(first_ + size_++) & (ring_.size() - 1)] = request;
    }

    QueuedRequest pop()
    {
        const auto request = front();
        first_ = (first_ + 1) & (ring_.size() - 1);
        --size_;
        return request;
    }

private:
    void grow()
    {
        std::vector<QueuedRequest> larger(ring_.empty() ? 16 : 2 * ring_.size());
        for (std::size_t i = 0; i < size_; ++i) larger[i] = ring_[(first_ + i) & (ring_.size() - 1)];
        ring_ = std::move(larger);
        first_ = 0;
    }

    std::vector<QueuedRequest> ring_;  // a power of two in size, or empty
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

}  // namespace fedgram::serving
