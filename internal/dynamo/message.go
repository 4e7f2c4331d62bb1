package dynamo

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/porting"
)

// messageItem is a message as one attribute: a map of its key, its arguments and the messages within, or a text where a person
// wrote it or a release before the catalogue did.
type messageItem porting.Message

// messageOf returns nil where there is nothing to say.
func messageOf(m porting.Message) *messageItem {
	if m.IsZero() {
		return nil
	}
	i := messageItem(m)
	return &i
}

func (m *messageItem) message() porting.Message {
	if m == nil {
		return porting.Message{}
	}
	return porting.Message(*m)
}

// MarshalDynamoDBAttributeValue implements attributevalue.Marshaler.
func (m messageItem) MarshalDynamoDBAttributeValue() (types.AttributeValue, error) {
	if m.Key == "" {
		return text(m.Text), nil
	}
	av := item{"key": text(string(m.Key))}
	if m.Unproven {
		av["unproven"] = &types.AttributeValueMemberBOOL{Value: true}
	}
	if len(m.Args) > 0 {
		args := item{}
		for name, value := range m.Args {
			args[name] = text(value)
		}
		av["args"] = &types.AttributeValueMemberM{Value: args}
	}
	var list []types.AttributeValue
	for _, part := range m.List {
		one, err := messageItem(part).MarshalDynamoDBAttributeValue()
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	if len(list) > 0 {
		av["list"] = &types.AttributeValueMemberL{Value: list}
	}
	return &types.AttributeValueMemberM{Value: av}, nil
}

// UnmarshalDynamoDBAttributeValue implements attributevalue.Unmarshaler.
func (m *messageItem) UnmarshalDynamoDBAttributeValue(av types.AttributeValue) error {
	*m = messageItem{}
	switch av := av.(type) {
	case *types.AttributeValueMemberS:
		m.Text = av.Value
	case *types.AttributeValueMemberM:
		var i struct {
			Key      string            `dynamodbav:"key"`
			Args     map[string]string `dynamodbav:"args"`
			List     []messageItem     `dynamodbav:"list"`
			Unproven bool              `dynamodbav:"unproven"`
		}
		if err := unmarshal(av.Value, &i); err != nil {
			return err
		}
		m.Key, m.Args, m.Unproven = porting.MessageKey(i.Key), i.Args, i.Unproven
		for _, part := range i.List {
			m.List = append(m.List, porting.Message(part))
		}
	default:
		return fmt.Errorf("a message is a text or a map, not %T", av)
	}
	return nil
}
