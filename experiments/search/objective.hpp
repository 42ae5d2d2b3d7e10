#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/search/course.hpp"

namespace fedgram::experiments {

/// What a search looks for.
struct Objective {
    enum class Kind {
        greenest,       ///< fewest grams at `min_accuracy`
        most_accurate,  ///< best accuracy within `max_gco2e`
        pareto,         ///< all that no other beats in both
    };

    Kind kind = Kind::greenest;
    double min_accuracy = 0;  ///< greenest: in (0, 1)
    double max_gco2e = 0;     ///< most_accurate: > 0
    std::string training{};   ///< its label

    friend bool operator==(const Objective&, const Objective&) = default;
};

/// The point at which a trial answers: the first at or above the accuracy, the best within the grams (of equal ones the
/// first), or the best of all for a front. Nothing where it has none. Of several seeds, the greenest is the mean over
/// where each of them gets there, as each stops by itself, with the rounds of the last; the others are on the mean of
/// their courses.
[[nodiscard]] std::optional<CoursePoint> answer_of(const Objective& objective, const Course& course);

/// The trials best first, as places in `courses`. Those that answer come before those that don't, which are told apart
/// by accuracy; failed ones come last; of equal ones the first is the better one. For a front they are in the order of
/// NSGA-II (Deb et al. 2002): by how many fronts lie before theirs, then by how far their neighbours on it are.
[[nodiscard]] std::vector<std::size_t> best_first(const Objective& objective, std::span<const Course* const> courses);

/// Which of the points no other beats: with at least its accuracy for at most its grams, and better in one.
[[nodiscard]] std::vector<bool> pareto_front(std::span<const CoursePoint> points);

}  // namespace fedgram::experiments
