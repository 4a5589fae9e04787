-- A row for each reply and note, with its author; `is_current` is false for one that was deleted in Freshdesk.
with latest as (
    select ticket_id, max(ticket_synced_at) as ticket_synced_at
    from {{ source('freshdesk', 'conversations') }}
    group by ticket_id
)

select
    conversations.id,
    conversations.ticket_id,
    conversations.created_at,
    conversations.updated_at,
    conversations.incoming,
    conversations.private,
    case conversations.source
        when 0 then 'reply'
        when 2 then 'note'
        when 5 then 'tweet'
        when 6 then 'survey'
        when 7 then 'facebook'
        when 8 then 'forwarded e-mail'
        when 9 then 'phone'
        when 11 then 'e-commerce'
    end as source_name,
    conversations.user_id,
    coalesce({{ json_text('agents.contact', 'name') }}, contacts.name) as user_name,
    agents.id is not null as is_by_agent,
    conversations.body_text,
    conversations.ticket_synced_at = latest.ticket_synced_at as is_current
from {{ source('freshdesk', 'conversations') }} as conversations
inner join latest on latest.ticket_id = conversations.ticket_id
left join {{ source('freshdesk', 'agents') }} as agents on agents.id = conversations.user_id
left join {{ source('freshdesk', 'contacts') }} as contacts on contacts.id = conversations.user_id
