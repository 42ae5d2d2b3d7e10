#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::experiments {

/// Behind one of its evaluated rounds, where a trial stands: how accurate it is, and what it has emitted up to there.
struct CoursePoint {
    std::uint32_t rounds = 0;
    double accuracy = 0;
    double gco2e = 0;

    friend bool operator==(const CoursePoint&, const CoursePoint&) = default;
};

/// What is known of a trial by now. Of a trial with several seeds, in the mean over them.
struct Course {
    std::vector<CoursePoint> points{};                 ///< ascending
    std::vector<std::vector<CoursePoint>> of_seeds{};  ///< of each seed, where it is the mean over several
    double joules = 0;                                 ///< of devices and network, over all seeds
    double gco2e = 0;                                  ///< over all seeds
    double virtual_seconds = 0;                        ///< over all seeds, one after the other
    bool failed = false;                               ///< a run of it ended with an error, or diverged

    [[nodiscard]] double best_accuracy() const;  ///< 0 before the first evaluation
};

/// A trial's course from those of its seeds, of which there is at least one. A point is the mean over them from the
/// round on at which each of them has one; a seed that has ended stays where it is.
[[nodiscard]] Course mean_course(std::span<const Course> seeds);

}  // namespace fedgram::experiments
