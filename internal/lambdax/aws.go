package lambdax

import (
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// AWS reads the configuration that Lambda gives a function in its environment: the region, the credentials of its role,
// and an endpoint where it runs on the local engine. The SDK's config package would read the same variables. But it
// also looks in files, in single sign-on and in the instance's metadata, and the clients for these make a function 2 MB
// larger and its start a tenth longer. Each request names the function in its User-Agent, by which CloudTrail and the
// bucket's logs tell the functions apart.
func AWS() aws.Config {
	cfg := aws.Config{
		Region: os.Getenv("AWS_REGION"), AppID: os.Getenv("AWS_LAMBDA_FUNCTION_NAME"),
		Credentials: credentials.NewStaticCredentialsProvider(
			os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN")),
	}
	if at := os.Getenv("AWS_ENDPOINT_URL"); at != "" {
		cfg.BaseEndpoint = &at
	}
	return cfg
}
