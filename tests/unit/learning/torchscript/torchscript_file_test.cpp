#include <signal.h>
#include <sys/resource.h>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/torchscript/torchscript_file.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using namespace fedgram::test;
using Catch::Matchers::Contains;

namespace {

Model mlp_32() { return build_model({.name = "mlp-32", .layers = {}, .torchscript = {}}, {}); }

std::ptrdiff_t files_in(const TemporaryFolder& folder)
{
    return std::distance(std::filesystem::directory_iterator{folder.path()}, {});
}

/// While it lives, this process can't write a file beyond so many bytes: as on a disk that is full.
class SmallFiles {
public:
    explicit SmallFiles(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit small{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        handler_ = ::signal(SIGXFSZ, SIG_IGN);
    }
    SmallFiles(const SmallFiles&) = delete;
    SmallFiles& operator=(const SmallFiles&) = delete;
    ~SmallFiles()
    {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, handler_);
    }

private:
    rlimit before_{};
    void (*handler_)(int) = nullptr;
};

}  // namespace

TEST_CASE("A model's file is the same bytes under every name, and nothing else is left beside it")
{
    const TemporaryFolder folder;
    const auto model = mlp_32();
    const auto parameters = initial_parameters(model, 1);
    torchscript::write_torchscript(model, parameters, folder / "one.pt");
    torchscript::write_torchscript(model, parameters, folder / "other.model");
    CHECK(read_file(folder / "one.pt") == read_file(folder / "other.model"));
    CHECK(files_in(folder) == 2);
}

TEST_CASE("A model that can't be written is one line with the reason, and leaves what was there")
{
    const TemporaryFolder folder;
    const auto model = mlp_32();
    const auto parameters = initial_parameters(model, 1);
    CHECK_THROWS_AS(torchscript::write_torchscript(model, parameters, folder / "absent" / "model.pt"), SystemError);
    CHECK_THROWS_WITH(torchscript::write_torchscript(model, parameters, folder / "absent" / "model.pt"),
                      Contains("absent/model.pt: can't be written: No such file or directory") && !Contains("\n"));

    write_file(folder / "model.pt", "the old one");
    {
        const SmallFiles small{50'000};
        CHECK_THROWS_WITH(torchscript::write_torchscript(model, parameters, folder / "model.pt"),
                          Contains("model.pt: can't be written: File too large"));
    }
    CHECK(read_file(folder / "model.pt") == "the old one");
    CHECK(files_in(folder) == 1);

    std::filesystem::create_directories(folder / "full" / "of");
    CHECK_THROWS_WITH(torchscript::write_torchscript(model, parameters, folder / "full"), Contains("Is a directory"));
    CHECK(files_in(folder) == 2);
}
