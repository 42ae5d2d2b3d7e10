#pragma once

#include <optional>
#include <utility>

#include "common/run/damaged_file.hpp"

namespace fedgram::experiments {

/// What `read` makes of a file that a run of a sweep wrote. Damage to it goes on as DataError with the way out.
template <class Read>
[[nodiscard]] auto of_sweep_run(Read read)
{
    std::optional<decltype(read())> result;
    if (const auto damage = run::damage_found([&] { result = read(); }))
        throw DataError{*damage + "; the file is damaged: remove its folder to have the run made anew"};
    return *std::move(result);
}

}  // namespace fedgram::experiments
