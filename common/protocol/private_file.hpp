#pragma once

#include <filesystem>
#include <string>

namespace fedgram::protocol {

/// Throws SpecError that names `what` where other users of this machine may read or change the file, which holds a
/// secret or a private key.
void refuse_open_to_others(const std::filesystem::path& file, const std::string& what);

}  // namespace fedgram::protocol
