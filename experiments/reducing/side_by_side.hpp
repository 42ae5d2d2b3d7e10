#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace fedgram::experiments {

/// Calls work(0) to work(count - 1), on so many threads at most, each call as soon as a thread is free. All are called,
/// also where one throws; what the first of them threw, by its number, is thrown at the end.
void side_by_side(std::size_t count, std::uint32_t threads, const std::function<void(std::size_t)>& work);

}  // namespace fedgram::experiments
