#pragma once

#include <openssl/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/protocol/node_set.hpp"

namespace fedgram::experiments {

struct Validity {
    std::chrono::system_clock::time_point from;
    std::chrono::system_clock::time_point until;
};

/// A private authority and what it has signed, in one folder, in PEM: authority.pem, authority.key, revoked.pem (its
/// revocation list), and a NAME.pem and NAME.key for each certificate. Keys are P-256, with mode 0600. Nothing that is
/// there is ever written over, but for the revocation list.
class CertificateAuthority {
public:
    /// The one in `folder`; where none is, a new one, which is valid for ten years. Throws SystemError when the folder
    /// can't be written or read, DataError for files that are no authority, SpecError for a key that other users may
    /// read.
    explicit CertificateAuthority(std::filesystem::path folder);

    /// For the coordinator, which clients reach by these names and addresses. False when there is one already.
    bool issue_coordinator(const std::vector<std::string>& hosts, const Validity& validity) const;
    /// For a client that hosts these nodes, or some of them. False when there is one already.
    bool issue_nodes(const protocol::NodeSet& nodes, const Validity& validity) const;

    /// Adds the certificate NAME.pem to the revocation list. Throws SpecError when there is no such certificate, or it
    /// is revoked already.
    void revoke(const std::string& name) const;

private:
    using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
    using Certificate = std::unique_ptr<X509, void (*)(X509*)>;

    void make() const;
    void open();
    bool issue(const std::string& name, const std::string& alternative_names, const char* purpose,
               const Validity& validity) const;

    std::filesystem::path folder_;
    Key key_;
    Certificate certificate_;
};

}  // namespace fedgram::experiments
