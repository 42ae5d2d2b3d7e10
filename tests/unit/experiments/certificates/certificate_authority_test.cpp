#include "experiments/certificates/certificate_authority.hpp"

#include <openssl/pem.h>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/net/certificate.hpp"
#include "experiments/commands/certs.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using experiments::CertificateAuthority;
using protocol::NodeSet;

namespace {

const experiments::Validity today{std::chrono::system_clock::now() - std::chrono::hours{1},
                                  std::chrono::system_clock::now() + std::chrono::hours{1}};

NodeSet nodes_in(const std::filesystem::path& file)
{
    const auto text = test::read_file(file);
    const std::unique_ptr<BIO, decltype(&::BIO_free)> memory{
        ::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), ::BIO_free};
    const std::unique_ptr<X509, decltype(&::X509_free)> certificate{
        ::PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr), ::X509_free};
    REQUIRE(certificate);
    return net::named_nodes(certificate.get());
}

}  // namespace

TEST_CASE("A certificate names the nodes that it was made for, and the coordinator's names none", "[experiments]")
{
    const test::TemporaryFolder folder;
    const CertificateAuthority authority{folder.path()};
    for (const char* const text : {"3", "0-4", "0-4,7,900-999999"}) {
        const auto nodes = *NodeSet::parse(text);
        REQUIRE(authority.issue_nodes(nodes, today));
        CHECK(nodes_in(folder / ("nodes-" + std::string{text} + ".pem")) == nodes);
    }
    REQUIRE(authority.issue_coordinator({"127.0.0.1", "first.example", "::1"}, today));
    CHECK(nodes_in(folder / "coordinator.pem").empty());
}

TEST_CASE("What an authority has made is kept, and its keys are its owner's alone", "[experiments]")
{
    using std::filesystem::perms;
    const test::TemporaryFolder folder;
    REQUIRE(CertificateAuthority{folder.path()}.issue_nodes(*NodeSet::parse("1"), today));
    const auto before = test::read_file(folder / "authority.pem") + test::read_file(folder / "nodes-1.pem");
    CHECK_FALSE(CertificateAuthority{folder.path()}.issue_nodes(*NodeSet::parse("1"), today));
    CHECK(test::read_file(folder / "authority.pem") + test::read_file(folder / "nodes-1.pem") == before);
    for (const char* const key : {"authority.key", "nodes-1.key"})
        CHECK(std::filesystem::status(folder / key).permissions() == (perms::owner_read | perms::owner_write));
}

TEST_CASE("An authority whose key is another's is refused", "[experiments]")
{
    const test::TemporaryFolder folder;
    const CertificateAuthority one{folder / "one"};
    const CertificateAuthority two{folder / "two"};
    std::filesystem::copy_file(folder / "one" / "authority.key", folder / "two" / "authority.key",
                               std::filesystem::copy_options::overwrite_existing);
    CHECK_THROWS_AS(CertificateAuthority{folder / "two"}, DataError);
}

TEST_CASE("A certificate is revoked once, and only one that is there", "[experiments]")
{
    const test::TemporaryFolder folder;
    const CertificateAuthority authority{folder.path()};
    REQUIRE(authority.issue_nodes(*NodeSet::parse("1"), today));
    const auto before = test::read_file(folder / "revoked.pem");
    authority.revoke("nodes-1");
    CHECK(test::read_file(folder / "revoked.pem") != before);
    CHECK_THROWS_AS(authority.revoke("nodes-1"), SpecError);
    CHECK_THROWS_AS(authority.revoke("nodes-2"), SpecError);
}

TEST_CASE("Certificates that can't be meant are refused before a folder is made", "[experiments]")
{
    const test::TemporaryFolder folder;
    experiments::CertsOptions options;
    options.out = folder / "certs";
    CHECK_THROWS_AS(certs(options), SpecError);
    options.groups = {"4-0"};
    CHECK_THROWS_AS(certs(options), SpecError);
    options.groups = {"0-4"};
    options.hosts = {"first.example,URI:fedgram:nodes:0-9"};
    CHECK_THROWS_AS(certs(options), SpecError);
    options.hosts = {"first.example"};
    options.revoked = {"nodes-1"};
    CHECK_THROWS_AS(certs(options), SpecError);
    CHECK_FALSE(std::filesystem::exists(options.out));
}
