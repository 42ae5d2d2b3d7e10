#pragma once

#include <string>
#include <vector>

namespace fedgram::bench {

/// What a command took, over all processes of its tree.
struct Measured {
    double cpu_seconds = 0;  ///< of all that was waited for
    double wall_seconds = 0;
    double peak_bytes = 0;  ///< largest sum of proportional set sizes seen; only if it was asked for
    std::string out;        ///< standard output
};

enum class Memory { ignored, watched };

/// Runs `arguments` (a program's path first) on these cores to its end. Watching memory reads /proc ten times a second,
/// which costs CPU time, though not the command's. Throws SystemError with its last words when it fails.
[[nodiscard]] Measured run_measured(const std::vector<std::string>& arguments, const std::vector<int>& cores,
                                    Memory memory = Memory::ignored);

}  // namespace fedgram::bench
