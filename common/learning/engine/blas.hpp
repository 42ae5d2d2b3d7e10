#pragma once

#include <istream>
#include <string>

namespace fedgram::learning {

/// The path of the BLAS in a process's memory map (the text of /proc/PID/maps), or "none". Several libraries may stand
/// behind one name (Debian's alternatives), so only what is mapped tells which one computes.
[[nodiscard]] std::string blas_in_maps(std::istream& maps);

/// Whether that path is Debian's reference BLAS, which trains several times slower than an optimised one.
[[nodiscard]] bool is_reference_blas(const std::string& path);

}  // namespace fedgram::learning
