#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "experiments/search/course.hpp"

namespace fedgram::experiments {

/// What the folder of one run tells of it.
struct RunCourse {
    Course course;
    std::uint32_t rounds = 0;      ///< that are done, beyond those that were asked for, too
    bool ended = false;            ///< all of its trainings have, by their rule
    double lost_joules = 0;        ///< of the devices, for work that is in no round
    double host_core_seconds = 0;  ///< that this sweep has spent on it
};

/// Of the training with this label, or with an empty one of all that the run has, whose costs add up and whose points
/// nobody asks for. Points and costs are of its first `rounds` rounds alone. A folder without a run is at its
/// beginning. Throws DataError where a file is damaged, and SpecError where a grid by the hour ends before the rounds
/// do.
[[nodiscard]] RunCourse run_course(const std::filesystem::path& folder, const std::string& label, std::uint32_t rounds);

/// The virtual seconds of the first `rounds` rounds, as far as they are there by now.
[[nodiscard]] double virtual_seconds(const std::filesystem::path& folder, const std::string& label,
                                     std::uint32_t rounds);

}  // namespace fedgram::experiments
