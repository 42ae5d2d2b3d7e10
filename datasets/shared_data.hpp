#pragma once

#include <optional>

#include "datasets/anonymous_file.hpp"
#include "datasets/dataset.hpp"

namespace fedgram::datasets {

/// A dataset, read and digested once, in memory that other processes of this machine map instead of reading it
/// themselves: they inherit the descriptor. The memory goes with the last of them.
class SharedData {
public:
    /// Copies `data`. Throws SystemError when there is no memory to be had.
    explicit SharedData(const Dataset& data);

    /// Closed by exec, but for a child that is told of it.
    [[nodiscard]] int descriptor() const { return file_.descriptor(); }

private:
    AnonymousFile file_;
};

/// The dataset behind a descriptor that this process has inherited, mapped as long as a copy of the result lives. The
/// descriptor is closed. Throws DataError for what is no such memory, or holds something else than its header says.
[[nodiscard]] Dataset map_shared_data(int descriptor);

}  // namespace fedgram::datasets
