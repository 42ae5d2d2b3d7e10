#pragma once

#include <optional>
#include <string>

#include "common/files/descriptor.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// A dataset, read and digested once, in a file that other processes of this machine map instead of reading it
/// themselves: they inherit the descriptor.
class SharedData {
public:
    /// The file that `data` lies in, or else a copy in memory, which goes with the last of them. Throws SystemError
    /// when there is no memory to be had.
    explicit SharedData(const Dataset& data);

    /// The same; nothing, and the reason in `why`, when there is no memory to be had.
    [[nodiscard]] static std::optional<SharedData> where_there_is_room(const Dataset& data, std::string& why);

    /// Exec closes it, except in a child that is given it.
    [[nodiscard]] int descriptor() const { return file_.number(); }

private:
    files::Descriptor file_;
};

/// The dataset behind a descriptor that this process has inherited, mapped as long as a copy of the result lives; then
/// the descriptor is closed. Throws DataError for what is no such file, or holds something else than its header says.
[[nodiscard]] Dataset map_shared_data(int descriptor);

}  // namespace fedgram::datasets
