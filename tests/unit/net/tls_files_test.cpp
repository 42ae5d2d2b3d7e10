#include "common/net/tls_files.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/net/tls.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using net::tls_files;

namespace {

void close_to_others(const std::filesystem::path& file)
{
    std::filesystem::permissions(file, std::filesystem::perms::owner_read);
}

}  // namespace

TEST_CASE("A folder stands for its files, and a file that is named goes before it", "[net]")
{
    const test::TemporaryFolder folder;
    for (const char* const name : {"authority.pem", "nodes-3.pem", "nodes-3.key", "mine.pem"})
        test::write_file(folder / name, "text");
    close_to_others(folder / "nodes-3.key");
    CHECK_FALSE(tls_files({}, "nodes-3"));

    net::TlsOptions options{.folder = folder.path()};
    CHECK(tls_files(options, "nodes-3")->key == folder / "nodes-3.key");
    CHECK_FALSE(tls_files(options, "nodes-3")->revoked);
    options.certificate = folder / "mine.pem";
    CHECK(tls_files(options, "nodes-3")->certificate == folder / "mine.pem");
    test::write_file(folder / "revoked.pem", "text");
    CHECK(tls_files(options, "nodes-3")->revoked == folder / "revoked.pem");
}

TEST_CASE("A missing file of TLS is named, and so is one that holds something else", "[net]")
{
    const test::TemporaryFolder folder;
    CHECK_THROWS_WITH(tls_files({.folder = folder.path()}, "nodes-3"), Catch::Contains("authority.pem"));
    test::write_file(folder / "authority.pem", "text");
    CHECK_THROWS_WITH(tls_files({.authority = folder / "authority.pem"}, "nodes-3"), Catch::Contains("--tls-cert"));
    for (const char* const name : {"nodes-3.pem", "nodes-3.key"}) test::write_file(folder / name, "text");
    close_to_others(folder / "nodes-3.key");
    const auto files = tls_files({.folder = folder.path()}, "nodes-3");
    CHECK_THROWS_WITH(net::Tls::of_client(*files, "127.0.0.1"), Catch::Contains("holds no certificate"));
}

TEST_CASE("A key that other users may read or change is refused, and a certificate isn't", "[net]")
{
    using std::filesystem::perms;
    const test::TemporaryFolder folder;
    for (const char* const name : {"authority.pem", "nodes-3.pem", "nodes-3.key"})
        test::write_file(folder / name, "text");
    for (const auto open : {perms::group_read, perms::others_read, perms::others_write}) {
        std::filesystem::permissions(folder / "nodes-3.key", perms::owner_read | open);
        CHECK_THROWS_WITH(tls_files({.folder = folder.path()}, "nodes-3"),
                          Catch::Contains("nodes-3.key is open to other users; use chmod 600"));
    }
    close_to_others(folder / "nodes-3.key");
    CHECK(tls_files({.folder = folder.path()}, "nodes-3"));
}
