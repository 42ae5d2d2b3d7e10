#include "common/protocol/private_file.hpp"

#include "common/error/error.hpp"

namespace fedgram::protocol {

void refuse_open_to_others(const std::filesystem::path& file, const std::string& what)
{
    using std::filesystem::perms;
    const auto open_to = std::filesystem::status(file).permissions() & (perms::group_all | perms::others_all);
    if (open_to != perms::none) throw SpecError{what + " is open to other users; use chmod 600"};
}

}  // namespace fedgram::protocol
