#include "experiments/certificates/certificate_authority.hpp"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/net/certificate.hpp"
#include "common/net/tls_files.hpp"
#include "common/protocol/private_file.hpp"

namespace fedgram::experiments {

namespace {

using std::chrono::system_clock;

constexpr const char* authority_key_file = "authority.key";
constexpr std::chrono::hours authority_lifetime{24 * 3650};
// A new certificate is valid at once on a machine whose clock is behind, too.
constexpr std::chrono::hours clock_skew{1};

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

void free_bio(BIO* bio) { ::BIO_free(bio); }

/// OpenSSL fails here only when there is no memory or no random bytes.
void must(bool good, const char* what)
{
    if (good) return;
    const auto code = ::ERR_get_error();
    char text[256] = "unknown";
    ::ERR_error_string_n(code, text, sizeof text);
    throw SystemError{std::string{"OpenSSL can't "} + what + ": " + text};
}

/// What a function that prints PEM prints.
template <class Print>
std::string printed(const Print& print)
{
    const Owned<BIO> memory{::BIO_new(::BIO_s_mem()), free_bio};
    must(memory && print(memory.get()) == 1, "write PEM");
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

template <class T, class Read>
Owned<T> read_pem(const std::filesystem::path& file, const Read& read, void (*release)(T*), const char* what)
{
    const auto text = files::read_file(file);
    const Owned<BIO> memory{::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), free_bio};
    Owned<T> object{read(memory.get(), nullptr, nullptr, nullptr), release};
    ::ERR_clear_error();
    if (!object) throw DataError{file.string() + " holds no " + what + " in PEM"};
    return object;
}

Owned<X509> read_certificate(const std::filesystem::path& file)
{
    return read_pem<X509>(file, ::PEM_read_bio_X509, ::X509_free, "certificate");
}

Owned<EVP_PKEY> new_key()
{
    Owned<EVP_PKEY> key{EVP_EC_gen("P-256"), ::EVP_PKEY_free};
    must(key != nullptr, "make a key");
    return key;
}

/// Its owner alone can read it, from the first byte on.
void write_key(const std::filesystem::path& file, EVP_PKEY* key)
{
    const auto text = printed(
        [&](BIO* out) { return ::PEM_write_bio_PKCS8PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); });
    if (!files::write_new_file(file, text, files::Secrecy::secret))
        throw SystemError{file.string() +
                          " is there already, without the certificate that belongs to it: left by an "
                          "attempt that failed, or of another folder; remove it, or choose another --out"};
}

/// 126 random bits: the rules for authorities ask for a serial number that can't be guessed.
void set_random_serial(X509* certificate)
{
    std::array<unsigned char, 16> bytes{};
    must(::RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1, "make a serial number");
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x3f) | 0x40);  // positive, and always of one length
    const Owned<BIGNUM> number{::BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr), ::BN_free};
    must(::BN_to_ASN1_INTEGER(number.get(), ::X509_get_serialNumber(certificate)) != nullptr, "make a serial number");
}

Owned<X509> new_certificate(const std::string& name, EVP_PKEY* key, const Validity& validity)
{
    Owned<X509> certificate{::X509_new(), ::X509_free};
    must(::X509_set_version(certificate.get(), X509_VERSION_3) == 1, "make a certificate");
    set_random_serial(certificate.get());
    ::ASN1_TIME_set(::X509_getm_notBefore(certificate.get()), system_clock::to_time_t(validity.from));
    ::ASN1_TIME_set(::X509_getm_notAfter(certificate.get()), system_clock::to_time_t(validity.until));
    auto* const subject = ::X509_get_subject_name(certificate.get());
    // A common name has at most 64 characters; who is meant is in the alternative names.
    const auto text = ("Fedgram " + name).substr(0, 64);
    must(::X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text.c_str()),
                                      -1, -1, 0) == 1,
         "name a certificate");
    must(::X509_set_pubkey(certificate.get(), key) == 1, "make a certificate");
    return certificate;
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Owned<X509_EXTENSION> extension{::X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()),
                                          ::X509_EXTENSION_free};
    must(extension && ::X509_add_ext(certificate, extension.get(), -1) == 1, "extend a certificate");
}

void write_certificate(const std::filesystem::path& file, X509* certificate)
{
    files::write_file(file, printed([&](BIO* out) { return ::PEM_write_bio_X509(out, certificate); }));
}

/// Signs the list anew, with today's date, and writes it. It is good for as long as its authority.
void sign_list(const std::filesystem::path& file, X509_CRL* list, X509* authority, EVP_PKEY* key)
{
    const Owned<ASN1_TIME> now{::ASN1_TIME_set(nullptr, system_clock::to_time_t(system_clock::now() - clock_skew)),
                               ::ASN1_TIME_free};
    ::X509_CRL_set_version(list, X509_CRL_VERSION_2);
    ::X509_CRL_set_issuer_name(list, ::X509_get_subject_name(authority));
    ::X509_CRL_set1_lastUpdate(list, now.get());
    ::X509_CRL_set1_nextUpdate(list, ::X509_get0_notAfter(authority));
    ::X509_CRL_sort(list);
    must(::X509_CRL_sign(list, key, ::EVP_sha256()) > 0, "sign a revocation list");
    files::write_file(file, printed([&](BIO* out) { return ::PEM_write_bio_X509_CRL(out, list); }));
}

}  // namespace

CertificateAuthority::CertificateAuthority(std::filesystem::path folder)
    : folder_{std::move(folder)}, key_{nullptr, ::EVP_PKEY_free}, certificate_{nullptr, ::X509_free}
{
    if (!std::filesystem::exists(folder_ / net::authority_file)) make();
    open();
}

void CertificateAuthority::make() const
{
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) throw SystemError{folder_.string() + " can't be made: " + error.message() + "; choose another --out"};
    const auto key = new_key();
    const auto now = system_clock::now();
    const auto certificate = new_certificate("authority", key.get(), {now - clock_skew, now + authority_lifetime});
    ::X509_set_issuer_name(certificate.get(), ::X509_get_subject_name(certificate.get()));
    add_extension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
    must(::X509_sign(certificate.get(), key.get(), ::EVP_sha256()) > 0, "sign a certificate");

    const Owned<X509_CRL> list{::X509_CRL_new(), ::X509_CRL_free};
    write_key(folder_ / authority_key_file, key.get());
    sign_list(folder_ / net::revoked_file, list.get(), certificate.get(), key.get());
    write_certificate(folder_ / net::authority_file, certificate.get());
}

void CertificateAuthority::open()
{
    protocol::refuse_open_to_others(folder_ / authority_key_file,
                                    "the key in " + (folder_ / authority_key_file).string());
    key_ = read_pem<EVP_PKEY>(folder_ / authority_key_file, ::PEM_read_bio_PrivateKey, ::EVP_PKEY_free, "key");
    certificate_ = read_certificate(folder_ / net::authority_file);
    const bool belong_together = ::X509_check_private_key(certificate_.get(), key_.get()) == 1;
    ::ERR_clear_error();
    if (!belong_together)
        throw DataError{(folder_ / authority_key_file).string() + " is not the key of " +
                        (folder_ / net::authority_file).string()};
}

bool CertificateAuthority::issue_coordinator(const std::vector<std::string>& hosts, const Validity& validity) const
{
    std::string names;
    for (const auto& host : hosts) {
        const Owned<ASN1_OCTET_STRING> address{::a2i_IPADDRESS(host.c_str()), ::ASN1_OCTET_STRING_free};
        names += (names.empty() ? "" : ",") + std::string{address ? "IP:" : "DNS:"} + host;
    }
    ::ERR_clear_error();
    return issue(net::coordinator_name, names, "serverAuth", validity);
}

bool CertificateAuthority::issue_nodes(const protocol::NodeSet& nodes, const Validity& validity) const
{
    return issue(net::node_file_name(nodes.text()), net::node_names(nodes), "clientAuth", validity);
}

bool CertificateAuthority::issue(const std::string& name, const std::string& alternative_names, const char* purpose,
                                 const Validity& validity) const
{
    const auto file = folder_ / (name + ".pem");
    if (std::filesystem::exists(file)) return false;
    const auto key = new_key();
    const auto certificate = new_certificate(name, key.get(), validity);
    ::X509_set_issuer_name(certificate.get(), ::X509_get_subject_name(certificate_.get()));
    add_extension(certificate.get(), certificate_.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate.get(), certificate_.get(), NID_key_usage, "critical,digitalSignature");
    // So that no client can pass for the coordinator: TLS asks each side for its own purpose.
    add_extension(certificate.get(), certificate_.get(), NID_ext_key_usage, purpose);
    add_extension(certificate.get(), certificate_.get(), NID_authority_key_identifier, "keyid:always");
    add_extension(certificate.get(), certificate_.get(), NID_subject_alt_name, alternative_names);
    must(::X509_sign(certificate.get(), key_.get(), ::EVP_sha256()) > 0, "sign a certificate");
    write_key(folder_ / (name + ".key"), key.get());
    write_certificate(file, certificate.get());
    return true;
}

void CertificateAuthority::revoke(const std::string& name) const
{
    const auto file = folder_ / (name + ".pem");
    if (!std::filesystem::exists(file))
        throw SpecError{"--revoke: there is no certificate " + file.string() +
                        "; use a name such as coordinator, nodes-3 or nodes-0-4"};
    const auto certificate = read_certificate(file);
    const auto list_file = folder_ / net::revoked_file;
    const auto list = read_pem<X509_CRL>(list_file, ::PEM_read_bio_X509_CRL, ::X509_CRL_free, "revocation list");
    X509_REVOKED* found = nullptr;
    if (::X509_CRL_get0_by_cert(list.get(), &found, certificate.get()) != 0)
        throw SpecError{"--revoke: " + name + " is revoked already"};
    Owned<X509_REVOKED> entry{::X509_REVOKED_new(), ::X509_REVOKED_free};
    const Owned<ASN1_TIME> now{::ASN1_TIME_set(nullptr, system_clock::to_time_t(system_clock::now())),
                               ::ASN1_TIME_free};
    ::X509_REVOKED_set_serialNumber(entry.get(), ::X509_get_serialNumber(certificate.get()));
    ::X509_REVOKED_set_revocationDate(entry.get(), now.get());
    must(::X509_CRL_add0_revoked(list.get(), entry.get()) == 1, "extend a revocation list");
    static_cast<void>(entry.release());  // the list's now
    sign_list(list_file, list.get(), certificate_.get(), key_.get());
}

}  // namespace fedgram::experiments
