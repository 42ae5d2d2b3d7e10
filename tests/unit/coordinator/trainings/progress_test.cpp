#include "coordinator/trainings/progress.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <sstream>
#include <thread>

#include "tests/support/temporary_folder.hpp"

using namespace fedgram;

namespace {

/// What this process prints on standard error while the object is there.
class CapturedError {
public:
    explicit CapturedError(const std::filesystem::path& file) : former_{::dup(STDERR_FILENO)}
    {
        const int to = ::open(file.c_str(), O_WRONLY | O_CREAT, 0600);
        ::dup2(to, STDERR_FILENO);
        ::close(to);
    }
    CapturedError(const CapturedError&) = delete;
    CapturedError& operator=(const CapturedError&) = delete;
    ~CapturedError()
    {
        ::dup2(former_, STDERR_FILENO);
        ::close(former_);
    }

private:
    int former_;
};

}  // namespace

TEST_CASE("The training's thread and the connections' tell of their progress at once, in whole lines", "[coordinator]")
{
    const test::TemporaryFolder folder;
    {
        const CapturedError captured{folder / "err"};
        coordinator::Progress progress;
        const auto tell = [&](const char* what) {
            for (int time = 0; time < 200; ++time) progress.say(what);
        };
        const std::jthread training{tell, "trained"};
        tell("stopping");
    }
    std::istringstream text{test::read_file(folder / "err")};
    int lines = 0;
    for (std::string line; std::getline(text, line); ++lines)
        if (line != "trained" && line != "stopping") FAIL(line);
    CHECK(lines == 400);
}
