#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fedgram::experiments::slurm {

/// An array that is submitted, or about to be.
struct TaskArray {
    std::uint32_t number = 0;        ///< its folder is array-NUMBER
    std::string name;                ///< of the job, unlike that of any other sweep's arrays
    std::optional<std::string> id;   ///< Slurm's; nothing where the answer to its submission was lost
    std::vector<std::string> calls;  ///< of its tasks, in their order

    [[nodiscard]] std::string folder() const { return "array-" + std::to_string(number); }
};

/// The arrays of a sweep, as its folder remembers them: each is written down before it is submitted, so that whoever
/// comes later knows by which name to ask for it. The calls stand in the arrays' own folders.
struct ArrayBook {
    std::vector<TaskArray> arrays{};

    [[nodiscard]] std::uint32_t next_number() const { return arrays.empty() ? 1 : arrays.back().number + 1; }
};

/// The file `arrays.json`, and back. Throws DataError for what is none.
[[nodiscard]] std::string encode(const ArrayBook& book);
[[nodiscard]] ArrayBook parse_array_book(std::string_view text, const std::string& where);

}  // namespace fedgram::experiments::slurm
