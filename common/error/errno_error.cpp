#include "common/error/errno_error.hpp"

#include <cerrno>
#include <system_error>

namespace fedgram {

SystemError errno_error(const std::string& what)
{
    return SystemError{what + ": " + std::generic_category().message(errno)};
}

}  // namespace fedgram
