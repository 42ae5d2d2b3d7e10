#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/search/course.hpp"

namespace fedgram::experiments {

/// One run of a candidate.
struct CandidateRun {
    std::uint64_t seed = 1;
    Course course;
};

/// What may be chosen: a column of a run's table, or a training of a setting of a sweep, with what each of its seeds
/// has shown.
struct Candidate {
    std::string name;  ///< "local_epochs 5, alpha 0.1", with the training where there are several
    std::string training;
    std::vector<std::string> values{};  ///< of the sweep's keys
    std::vector<CandidateRun> runs;
};

/// All that a run or a sweep offers.
struct Candidates {
    std::vector<std::string> keys{};  ///< of a sweep, as people write them
    std::vector<Candidate> list{};
    std::string country;       ///< whose grams its courses have
    bool cut_short = false;    ///< trials of a search that stopped some before their end
    std::string evaluated_on;  ///< "test", "validation"
};

}  // namespace fedgram::experiments
