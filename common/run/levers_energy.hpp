#pragma once

#include <filesystem>

#include "common/run/spec_file.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::run {

/// What the levers of a folder's reductions took, on the first data-centre device of the run's own specification,
/// before PUE: no ledger has it. Throws DataError that names the file and the key.
[[nodiscard]] Joules levers_energy(const std::filesystem::path& folder, const SpecFile& spec);

}  // namespace fedgram::run
