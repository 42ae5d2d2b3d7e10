#include "experiments/reducing/side_by_side.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace fedgram::experiments {

void side_by_side(std::size_t count, std::uint32_t threads, const std::function<void(std::size_t)>& work)
{
    std::vector<std::exception_ptr> thrown(count);
    std::atomic<std::size_t> next = 0;
    const auto take_turns = [&] {
        for (std::size_t number = next++; number < count; number = next++) {
            try {
                work(number);
            } catch (...) {
                thrown[number] = std::current_exception();
            }
        }
    };
    {
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < std::min<std::size_t>(threads, count); ++i) others.emplace_back(take_turns);
        take_turns();
    }
    for (const auto& each : thrown)
        if (each) std::rethrow_exception(each);
}

}  // namespace fedgram::experiments
