#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "experiments/search/course.hpp"

namespace fedgram::experiments {

/// A trial is to be trained up to so many rounds, from where it stands.
struct Assignment {
    std::size_t trial = 0;
    std::uint32_t rounds = 0;

    friend bool operator==(const Assignment&, const Assignment&) = default;
};

/// Decides which trial is trained for how long. Trials are numbered from 0 in the order in which their settings are
/// drawn.
class Search {
public:
    virtual ~Search() = default;

    /// For a worker that is free. Nothing: it has to wait for a result that is still out, or all is done.
    [[nodiscard]] virtual std::optional<Assignment> next() = 0;
    /// An assignment has been carried out; `course` is what the trial has shown up to its rounds.
    virtual void ended(const Assignment& assignment, const Course& course) = 0;
    /// How many trials there are at most.
    [[nodiscard]] virtual std::size_t trials() const = 0;
};

}  // namespace fedgram::experiments
