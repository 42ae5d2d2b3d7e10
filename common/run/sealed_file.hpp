#pragma once

#include <string>
#include <string_view>

namespace fedgram::run {

/// What kind of file it is, and the newest version that this Fedgram reads.
struct SealedForm {
    std::string_view magic;  ///< seven letters: "FDGCKPT"
    char newest_version;     ///< a digit
    std::string_view name;   ///< "checkpoint", for errors
};

/// A file that must be read whole or not at all:
/// magic | version, a digit | header bytes, 8 | body bytes, 8 | header | body | SHA-256 of all before in hexadecimal,
/// 64; numbers are of this machine's order.
[[nodiscard]] std::string seal(const SealedForm& form, std::string_view header, std::string_view body);

/// Views into `bytes`. `where` names them in errors. Throws DataError for what is of another kind, damaged or cut off,
/// and NewerFormat for a later version.
struct Unsealed {
    std::string_view header;
    std::string_view body;
};
[[nodiscard]] Unsealed unseal(const SealedForm& form, std::string_view bytes, const std::string& where);

}  // namespace fedgram::run
