#include "common/run/folder_lock.hpp"

#include <catch2/catch.hpp>
#include <optional>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::run;
using fedgram::test::TemporaryFolder;

namespace {

constexpr std::chrono::milliseconds no_patience{0};

}  // namespace

TEST_CASE("A folder is kept by one coordinator and one launcher at a time")
{
    const TemporaryFolder folder;
    CHECK_FALSE(is_kept(folder.path(), FolderKeeper::coordinator));
    const auto lock = [&](FolderKeeper keeper) {
        return FolderLock{folder.path(), no_patience, "it is taken", keeper};
    };
    std::optional<FolderLock> coordinator{lock(FolderKeeper::coordinator)};
    CHECK(is_kept(folder.path(), FolderKeeper::coordinator));
    CHECK_FALSE(is_kept(folder.path(), FolderKeeper::launcher));
    const auto launcher = lock(FolderKeeper::launcher);
    CHECK_THROWS_WITH(lock(FolderKeeper::coordinator), folder.path().string() + " can't be used: it is taken");
    CHECK_THROWS_AS(lock(FolderKeeper::launcher), SystemError);
    coordinator.reset();
    CHECK_FALSE(is_kept(folder.path(), FolderKeeper::coordinator));
    CHECK(is_kept(folder.path(), FolderKeeper::launcher));
    CHECK_NOTHROW(lock(FolderKeeper::coordinator));
}

TEST_CASE("Another look at the lock's file doesn't drop the lock")
{
    const TemporaryFolder folder;
    const FolderLock lock{folder.path(), no_patience};
    // A lock of the process, and not of the open file, would end with this descriptor.
    CHECK(files::read_file(folder / FolderLock::file_name).empty());
    CHECK(is_kept(folder.path(), FolderKeeper::coordinator));
}

TEST_CASE("A folder that isn't there can't be kept")
{
    const TemporaryFolder folder;
    CHECK_THROWS_WITH((FolderLock{folder / "nowhere", no_patience}), Catch::Contains("can't be used"));
}
